# Content pages: guides, catalogue entries, documents, interpretations, data sets, services, tasks, forms
content-in-chinese = The published text below is in Chinese.

record-guide = Service guides
record-document = Policy documents
record-entry = Disclosure catalogue
record-interpretation = Policy explained
record-dataset = Open data
record-service-item = Services
record-plan = Task tables
record-form = Request information

# Provenance line
provenance-source-several = { $title } and others, { $count } in all
provenance-editors = Compiled by the editors
provenance-generated = Compiled from other content of this terminal
validity-in-force = In force
validity-text-of = Text of { $date }
validity-superseded = A newer text exists
validity-basis-superseded = Its basis was revised
validity-repealed = Repealed
notice-superseded = This is not the newest text
notice-superseded-text = It has been revised. The text in force applies.
notice-basis-superseded = The law behind this was revised
notice-basis-superseded-text = The rules in force apply. Please ask the office before you go.
notice-repealed = This text was repealed
notice-repealed-text = For reference only.

# Guides
fact-limit = Legal limit
fact-fee = Fee
fact-promise = Promised
fact-unknown = Left blank by the publisher
fee-free = Free
fee-charged = Charged
fee-mixed = Partly free
unit-day-one = day
unit-day-many = days
unit-workday-one = workday
unit-workday-many = workdays
unit-month-one = month
unit-month-many = months
unit-year-one = year
unit-year-many = years
unit-hour-one = hour
unit-hour-many = hours
guide-nationwide = Nationwide
guide-note = Check before you go
guide-who = Who can apply
guide-materials = What to bring
guide-materials-remark = Tap to tick; copies not provided
guide-material-when = If
guide-steps = How it goes
guide-situations = Special cases
guide-situation-bring = Bring: { $materials }
guide-place = Where to go
guide-where = Where
guide-address = Address
guide-hours = Hours
guide-phone = Enquiries
guide-supervise = Complaints
guide-fee = Fees
guide-proxy = By proxy
guide-result = You receive
guide-result-validity = Valid for
guide-code = Item code
guide-limits = All time limits
guide-refusal = When it is refused
guide-remedy = If you disagree
guide-basis = Legal basis
guide-basis-count = Legal basis: { $count }

# Catalogue entries
entry-no = No.
entry-matter = Matter
entry-level1 = Level 1
entry-level2 = Level 2
entry-content = Content
entry-basis = Basis
entry-no-full-text = No full text here
entry-time-limit = Time limit
entry-channels = Channels
entry-subject = Body
entry-audience = Audience
entry-mode = Mode
entry-levels = Level
entry-inferred = { $value } (inferred)
entry-inferred-tag = inferred
entry-inferred-remark = “Inferred” values are not visible in the source; the editors filled in what is usual in this field.
entry-variants = In other places
entry-variants-count = { $count ->
    [1] 1 place
   *[other] { $count } places
}
entry-variant-place-unknown = Place not provided
audience-everyone = Everyone
audience-group = Certain groups
mode-active = Published
mode-on-request = On request
mode-both = Published and on request
level-city = City
level-county = County
level-township = Township
level-village = Village
related-guides = Service guides in this field
related-all = All { $count } in this field
related-entries = Catalogue entries in this field
related-datasets = Open data in this field
related-interpretations = Explained in
related-annexes = Annexes
related-rests = What rests on this text

# Documents
document-law = Laws
document-regulation = Regulations
document-rule = Ministry rules
document-state-council = State Council documents
document-normative = Normative documents
document-text-of = Text of { $date }
document-about = About this text
document-full-title = Full title
document-number = Number
document-index = Index no.
document-issuer = Issued by
document-published = Published
document-version-date = Text date
document-validity = Validity
document-history = History
document-previous = Previous
document-next = Next
document-continues = Go on
document-previous-screen = Back
document-next-screen = Next
document-articles = ／{ $total }
document-screens = ／{ $total }
document-jump = Article…
document-more-chapters = More
document-fewer-chapters = Before
document-next-chapter = Next chapter
document-interpretation = Explained
document-interpretation-near = The passage nearest to these articles
document-interpretation-whole = Read it whole
jump-title = Go to article
jump-article = Article
jump-empty = Type a number; there are { $count } articles
jump-missing = There is no such article
jump-go = Go there
jump-erase = Erase
jump-clear = Clear

# Interpretations
interpretation-policy = What is explained
interpretation-text = Full text

# Open data
dataset-rows = { $count ->
    [1] 1 row
   *[other] { $count } rows
}
dataset-frequency-unknown = update frequency not provided
dataset-chart = Rows by “{ $column }”
dataset-chart-unit = rows
dataset-rest = { $count } others
dataset-table = Table
dataset-fields = Columns
dataset-all = All
dataset-back = Back to the table
dataset-row = Row { $number }
dataset-from-row = From row { $number }
dataset-example = e.g. { $value }
dataset-mistake = Report error

# Services
item-department = Department
item-main = Main item
item-code = Service code
item-type-code = Type code
item-area-code = Area code
item-department-code = Dept. code
item-remark = The source gives no more than name and code. Please ask the department what to bring and how long it takes.

# Tasks
plan-count = { $count } tasks
plan-document = Annexed to
plan-task-number = No. { $number }
plan-item = Item { $number }
plan-deadline = Deadline
plan-responsible = By
plan-guidance = Guided by

# Forms
form-title = Application for government information
form-here-title = This form cannot be handed in here yet
form-here-text = Print it empty or take it along on the phone, and hand it to the authority.
form-applicant = { $who }: fields
form-request = What you ask for
form-rules = What you should know
form-required = Required
form-optional = Optional
form-options = { $required }. One of: { $options }
