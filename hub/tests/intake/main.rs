//! What terminals ask of the hub, over SQLite and over PostgreSQL.

#![expect(clippy::unwrap_used, reason = "tests")]

mod generations;
mod overview;
mod postgres;
mod rates;
mod retention;
mod room;
mod scenarios;
mod telemetry;
mod terminal;
mod waiting;

use hub::database::Address;
use hub::store::Store;

/// Every scenario as a test of its own over SQLite, and all of them in one over PostgreSQL, which takes
/// long to start.
macro_rules! scenarios {
    ($($name:ident),+ $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let folder = tempfile::tempdir().unwrap();
            scenarios::$name(Address::File(folder.path().join("hub.db"))).await;
        })+

        #[tokio::test(flavor = "multi_thread")]
        async fn all_of_it_holds_over_postgresql() {
            let Some(server) = postgres::Server::start().await else {
                return;
            };
            $({
                let database = server.database(stringify!($name)).await;
                println!("over PostgreSQL: {}", stringify!($name));
                scenarios::$name(Address::Postgres(database)).await;
            })+
            postgres::an_answer_that_does_not_come_costs_its_connection_and_no_other(&server).await;
            many_hubs_make_the_tables_at_once(Address::Postgres(server.database("tables").await)).await;
        }
    };
}

scenarios! {
    a_submission_is_kept_once_and_its_receipt_never_changes,
    of_many_hubs_at_once_exactly_one_says_that_it_is_new,
    a_terminal_hands_in_only_while_it_is_approved,
    what_is_not_in_order_is_refused_by_its_own_name,
    a_submission_has_so_many_attachments_and_no_more,
    counting_the_same_twice_changes_nothing,
    an_old_report_played_back_does_not_hide_a_new_one,
    what_became_of_a_generation_is_kept_once_for_each_terminal,
    a_letter_reaches_its_mailbox_and_two_clerks_never_make_one_step,
    a_device_that_asks_too_often_is_told_when_to_come_back,
    known_terminals_behind_one_address_keep_nobody_out,
    one_ipv6_network_enrols_no_more_strangers_than_one_address,
    what_was_sealed_to_a_former_key_is_taken_for_its_time,
    what_was_kept_for_long_enough_is_erased_and_its_receipt_stays,
    bodies_on_their_way_have_so_much_room_together,
    a_device_has_two_bodies_on_their_way_and_keeps_no_other_out,
    small_bodies_find_room_while_large_ones_drip,
    a_device_hands_in_so_many_bytes_a_day_and_what_is_kept_keeps_its_receipt,
    a_waiting_terminal_that_went_silent_gives_way_and_one_that_asks_does_not,
    staff_forget_a_terminal_that_waits_and_no_other,
    what_revoked_terminals_last_said_is_added_to_nothing,
}

async fn many_hubs_make_the_tables_at_once(address: Address) {
    let opening = (0..8).map(|_| Store::open(&address));
    for opened in futures_util::future::join_all(opening).await {
        opened.unwrap().ping().await.unwrap();
    }
}
