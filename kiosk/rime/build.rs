//! Links librime, found through pkg-config.

use std::process::ExitCode;

fn main() -> ExitCode {
    match pkg_config::Config::new().atleast_version("1.8").probe("rime") {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!(
                "librime 1.8 or newer is needed for Chinese input.\n\
                 Debian and Ubuntu: apt-get install librime-dev rime-data-pinyin-simp\n\n{error}"
            );
            ExitCode::FAILURE
        }
    }
}
