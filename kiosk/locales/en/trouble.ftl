# What does not work, what still works, what to do now
trouble-agent-chip = Some functions off
trouble-agent = Printing does not work at the moment
trouble-agent-text = The background service does not answer; retrying. Searching, reading and taking along by phone work.
trouble-paper-chip = Out of paper
trouble-paper = The printer is out of paper
trouble-paper-text = Please tell the staff. You can read on, take pages along by phone, or add them to your list and print later.
trouble-cover-chip = Cover open
trouble-cover = The printer's cover is open
trouble-printer-chip = Printer down
trouble-printer = The printer does not work at the moment
trouble-printer-text = Please tell the staff. You can read on, or take pages along by phone.
trouble-stale-chip = Older content
trouble-stale = Content as of { $date }
trouble-stale-text = No new content has come for long. Searching works; please confirm at the window before you act on it.
trouble-offline-chip = Offline
trouble-offline = Offline, and everything can be searched
trouble-offline-text = The content is on this machine, as of { $date }, with verified signature.
