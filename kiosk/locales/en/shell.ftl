# The bars, and words that many pages share
terminal-name = Open Government Terminal
language-name = English
bar-back = Back
bar-home = Home
bar-size = Text size
bar-speak = Listen
bar-reach = Lower
bar-finish = Finish
button-paused = Paused
search-field = Search field
search-button = Search
search-clear = Clear
search-edit = Edit
pager-next = Next
pager-previous = Previous
sheet-close = Close
not-provided = Not provided

provenance-publisher = Published by
provenance-source = Source
provenance-validity = Validity
provenance-as-of = Data as of
provenance-signature = Signature
provenance-verified = Verified
provenance-unsigned = Not signed

action-print = Print
action-print-large = Print large
action-print-free = free
action-phone = To my phone
action-list = Add to list
action-listed = On my list

as-of = Data as of { $date }
as-of-short = As of { $date }
date-short = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
date-day = { $weekday } { $date }
weekday-monday = Mon
weekday-tuesday = Tue
weekday-wednesday = Wed
weekday-thursday = Thu
weekday-friday = Fri
weekday-saturday = Sat
weekday-sunday = Sun

toast-large = Large text is on. Press again for high contrast.
toast-large-contrast = Large text in high contrast is on. Press again for normal.
toast-normal = Back to normal size.
toast-low = Everything to press is now in the lower half.
toast-whole = Back to the whole screen.
toast-low-landscape = Not needed here: the whole screen is within reach.
toast-scan-unknown = This code leads to nothing on this machine.
toast-scan-receipt = This machine cannot look up progress yet. Please show your receipt to the staff.
toast-settings-taken = The settings of this code are in force.
toast-settings-known = These settings were in force already.
toast-settings-forged = The signature of this settings code is wrong; nothing was changed.
toast-settings-unreadable = This machine does not understand this settings code; nothing was changed.
toast-settings-elsewhere = This settings code is for terminals elsewhere; nothing was changed.
toast-settings-expired = This settings code has expired; nothing was changed.
toast-settings-superseded = The settings here are newer; nothing was changed.
toast-settings-not-kept = The settings could not be kept; see the machine's log.
toast-no-speech = This machine cannot read aloud yet. Use large text, or ask the staff.
toast-language = Now in English. Documents stay in Chinese.
toast-listed = Added to your list, { $count ->
    [one] one page
   *[other] { $count } pages
} so far.
toast-unlisted = Taken off your list.
toast-list-full = Your list is full: { $count } pages.
