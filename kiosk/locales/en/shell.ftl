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
provenance-failed = Not verified, cannot be shown

action-print = Print
action-print-large = Print large
action-print-free = free
action-phone = To my phone
action-list = Add to list
action-listed = On my list
