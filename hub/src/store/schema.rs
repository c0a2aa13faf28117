//! The tables.

/// Made where they are missing. A later version adds statements at the end.
pub(super) const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS devices (
         device TEXT PRIMARY KEY,
         public_key TEXT NOT NULL,
         place TEXT NOT NULL,
         division TEXT NOT NULL,
         standing TEXT NOT NULL,
         asked_at BIGINT NOT NULL,
         decided_at BIGINT,
         decided_by TEXT,
         seen_at BIGINT,
         health_sequence BIGINT NOT NULL DEFAULT -1,
         health TEXT
     )",
    "CREATE TABLE IF NOT EXISTS submissions (
         device TEXT NOT NULL,
         submission TEXT NOT NULL,
         kind TEXT NOT NULL,
         regarding TEXT,
         mailbox TEXT,
         mailbox_key BYTEA,
         sha256 TEXT NOT NULL,
         sealed BYTEA NOT NULL,
         receipt TEXT NOT NULL,
         received_at BIGINT NOT NULL,
         PRIMARY KEY (device, submission)
     )",
    "CREATE INDEX IF NOT EXISTS submissions_by_kind ON submissions (kind, received_at)",
    "CREATE INDEX IF NOT EXISTS submissions_by_mailbox ON submissions (device, mailbox)",
    "CREATE TABLE IF NOT EXISTS alarms (
         device TEXT NOT NULL,
         submission TEXT NOT NULL,
         sha256 TEXT NOT NULL,
         reason TEXT NOT NULL,
         raised_at BIGINT NOT NULL,
         PRIMARY KEY (device, submission, sha256)
     )",
    "CREATE TABLE IF NOT EXISTS counters (
         device TEXT NOT NULL,
         epoch TEXT NOT NULL,
         metric TEXT NOT NULL,
         day TEXT NOT NULL,
         total BIGINT NOT NULL,
         PRIMARY KEY (device, epoch, metric, day)
     )",
    "CREATE TABLE IF NOT EXISTS missed_terms (
         device TEXT NOT NULL,
         epoch TEXT NOT NULL,
         term TEXT NOT NULL,
         day TEXT NOT NULL,
         visits BIGINT NOT NULL,
         PRIMARY KEY (device, epoch, term, day)
     )",
    "CREATE TABLE IF NOT EXISTS case_steps (
         device TEXT NOT NULL,
         submission TEXT NOT NULL,
         number BIGINT NOT NULL,
         step TEXT NOT NULL,
         made_at BIGINT NOT NULL,
         made_by TEXT NOT NULL,
         PRIMARY KEY (device, submission, number)
     )",
    "CREATE TABLE IF NOT EXISTS mailboxes (
         device TEXT NOT NULL,
         mailbox TEXT NOT NULL,
         letter BYTEA NOT NULL,
         written_at BIGINT NOT NULL,
         PRIMARY KEY (device, mailbox)
     )",
    "CREATE TABLE IF NOT EXISTS outboxes (
         device TEXT PRIMARY KEY,
         waiting BIGINT NOT NULL,
         quarantined BIGINT NOT NULL
     )",
    "CREATE TABLE IF NOT EXISTS generation_reports (
         device TEXT NOT NULL,
         generation BIGINT NOT NULL,
         outcome TEXT NOT NULL,
         reason TEXT,
         place BIGINT NOT NULL,
         found_at BIGINT NOT NULL,
         received_at BIGINT NOT NULL,
         PRIMARY KEY (device, generation)
     )",
    "CREATE INDEX IF NOT EXISTS generation_reports_by_generation ON generation_reports (generation)",
    "CREATE INDEX IF NOT EXISTS submissions_by_time ON submissions (device, received_at)",
];
