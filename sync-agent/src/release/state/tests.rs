use super::*;

fn names(state: &StateFolder) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(state.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "lock")
        .collect();
    names.sort();
    names
}

fn switch(state: &StateFolder, number: u64) {
    switch_with(state, number, &BTreeSet::new());
}

fn switch_with(state: &StateFolder, number: u64, bad: &BTreeSet<u64>) {
    let built = state.path().join(format!("gen-{number}.tmp"));
    fs::create_dir(&built).unwrap();
    state.switch(&built, number, bad).unwrap();
}

fn state() -> (tempfile::TempDir, StateFolder) {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    (folder, state)
}

#[test]
fn a_switch_moves_the_link_and_keeps_three_generations() {
    let (_folder, state) = state();
    for number in [8, 9, 10, 11] {
        switch(&state, number);
    }
    assert_eq!(fs::read_link(state.current_link()).unwrap(), Path::new("gen-11"));
    assert_eq!(names(&state), ["current", "gen-10", "gen-11", "gen-9"]);
}

#[test]
fn however_many_bad_generations_follow_the_good_one_stays() {
    let (_folder, state) = state();
    switch(&state, 12);
    let mut bad = BTreeSet::new();
    for number in [13, 14, 15, 16] {
        switch_with(&state, number, &bad);
        bad.insert(number);
        state.go_back(Some(12), &bad).unwrap();
        assert_eq!(names(&state), ["current", "gen-12"]);
    }
}

#[test]
fn bad_generations_that_could_not_be_removed_push_out_no_good_one() {
    let (_folder, state) = state();
    for number in [11, 12, 13, 14] {
        fs::create_dir(state.generation(number)).unwrap();
    }
    switch_with(&state, 15, &[13, 14].into());
    assert_eq!(names(&state), ["current", "gen-11", "gen-12", "gen-15"]);
}

#[test]
fn what_an_interrupted_pull_left_is_removed_at_the_next_start() {
    let (_folder, state) = state();
    switch(&state, 4);
    // Killed while building; killed between the rename and the link; killed while a file or the link was replaced.
    fs::create_dir_all(state.path().join("gen-5.tmp/index")).unwrap();
    fs::create_dir(state.path().join("gen-5")).unwrap();
    File::create(state.path().join(".tmpX1y2z3")).unwrap();
    std::os::unix::fs::symlink("gen-5", state.path().join(".current.new")).unwrap();
    let _lock = state.lock().unwrap();
    assert_eq!(names(&state), ["current", "gen-4"]);
    assert_eq!(fs::read_link(state.current_link()).unwrap(), Path::new("gen-4"));
}

#[test]
fn a_damaged_generation_is_replaced_in_its_place() {
    let (_folder, state) = state();
    switch(&state, 4);
    File::create(state.generation(4).join("marker")).unwrap();
    switch(&state, 4);
    assert_eq!(names(&state), ["current", "gen-4"]);
    assert!(fs::read_dir(state.generation(4)).unwrap().next().is_none());
}

#[test]
fn a_generation_can_be_read_by_the_kiosks_user() {
    let (_folder, state) = state();
    let built = state.path().join("work.tmp");
    fs::create_dir(&built).unwrap();
    atomic::write(&built.join("file"), b"content").unwrap();
    state.switch(&built, 1, &BTreeSet::new()).unwrap();
    let mode = |name: &str| {
        let path = state.generation(1).join(name);
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    };
    assert_eq!((mode("."), mode("file")), (0o755, 0o644));
}

#[test]
fn without_the_link_no_generation_is_removed() {
    let (_folder, state) = state();
    switch(&state, 3);
    fs::remove_file(state.current_link()).unwrap();
    let _lock = state.lock().unwrap();
    assert_eq!(names(&state), ["gen-3"]);
}

#[test]
fn only_one_agent_works_in_a_folder() {
    let (_folder, state) = state();
    let lock = state.lock().unwrap();
    assert!(matches!(state.lock(), Err(PullError::Busy { .. })));
    drop(lock);
    state.lock().unwrap();
}

#[test]
fn an_empty_folder_has_no_content_and_a_dangling_link_is_damage() {
    let (_folder, state) = state();
    assert_eq!(state.current(), Current::None);
    atomic::relink(&state.current_link(), Path::new("gen-1")).unwrap();
    assert!(matches!(state.current(), Current::Damaged { .. }));
}
