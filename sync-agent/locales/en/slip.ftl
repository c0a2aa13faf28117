# Printed slips
product = Mingchuang Open Government
unknown = Not provided
list-title = My list ({ $count })
continues = There is more: read on at the terminal or by the code.

kind-guide = Service guide
kind-document = Policy document
kind-entry = Disclosure catalogue
kind-interpretation = Policy explained
kind-dataset = Open data
kind-service-item = Service
kind-plan = Task table
kind-form = Request information

notice-superseded = This is not the newest text. The text in force applies.
notice-basis-superseded = The law behind this was revised. Ask the office before you go.
notice-repealed = This text was repealed. For reference only.

fact-limit = Legal limit
fact-promise = Promised
fact-fee = Fee
fact-below = See below
fee-free = Free
fee-charged = Charged
fee-mixed = Partly free
duration = { $number } { $unit }
unit-day = { $number ->
    [1] day
   *[other] days
}
unit-workday = { $number ->
    [1] workday
   *[other] workdays
}
unit-month = { $number ->
    [1] month
   *[other] months
}
unit-year = { $number ->
    [1] year
   *[other] years
}
unit-hour = { $number ->
    [1] hour
   *[other] hours
}
labelled = { $label }: { $text }

guide-materials = What to bring
guide-material-when = If: { $when }
guide-who = Who can apply
guide-steps = How it goes
guide-situations = Special cases
guide-situation-bring = Bring: { $materials }
guide-where = Where
guide-address = Address
guide-hours = Hours
guide-phone = Phone
guide-proxy = By proxy
guide-limits = All time limits
guide-result = You receive
guide-result-validity = Valid for
guide-refusal = When it is refused
guide-remedy = If you disagree
guide-basis = Legal basis
guide-basis-line = 《{ $title }》 (text of { $version }) { $articles }

entry-matter = Matter
entry-level1 = Level 1
entry-level2 = Level 2
entry-content = Content
entry-how = How it is disclosed
entry-basis = Basis
entry-time-limit = Time limit
entry-subject = Body
entry-channels = Channels
entry-audience = Audience
entry-mode = Mode
entry-levels = Levels
entry-inferred = { $value } (inferred)
entry-inferred-remark = “Inferred” values are not visible in the source; the editors filled in what is usual in this field.
audience-everyone = Everyone
audience-group = Certain groups
mode-active = Published
mode-on-request = On request
mode-both = Published and on request
level-city = City
level-county = County
level-township = Township
level-village = Village

document-number = Number
document-issuer = Issued by
document-published = Published
document-version = Text of
document-validity = Validity
document-outline = Contents
document-text = Text
validity-in-force = In force
validity-in-force-as-of = In force (as of { $date })
validity-superseded = A newer text exists
validity-basis-superseded = Its basis was revised
validity-repealed = Repealed

interpretation-text = Explanation

dataset-provider = Provider
dataset-frequency = Updated
dataset-open-type = Access
dataset-format = Format
dataset-size = Size
dataset-rows = { $count ->
    [1] 1 row
   *[other] { $count } rows
}
dataset-preview = The first { $count } rows
dataset-all = All { $count } rows

item-department = Department
item-main = Main item
item-code = Service code
item-type-code = Type code
item-area-code = Area code
item-department-code = Dept. code
item-remark = The source gives no more than name and code. Ask the department what to bring and how long it takes.

plan-tasks = Tasks ({ $count })
plan-responsible = By: { $who }
plan-guidance = Guided by: { $who }
plan-deadline = Until: { $when }

form-applicant = Applicant: { $who }
form-request = What you ask for
form-rules = What you should know
form-required = { $label } (required)
form-optional = { $label } (optional)

qr-caption = Take it along
qr-offline = Works without internet
qr-online = Opens the page on your phone

footer-source = Source: { $title }
footer-source-dated = Source: { $title }, { $date }
footer-editors = Source: compiled by the editors
footer-generated = Source: compiled from this terminal's content
footer-truncated = The source page breaks off before its end.
footer-as-of = Data as of { $date }
footer-as-of-verified = Data as of { $date }, signature verified
footer-printed = Printed { $time }
footer-reference = { $id }. The office's current rules apply.
footer-reference-text = { $id }. The text of the issuing body applies.

test-title = Test page
test-profile = Profile
test-width = Dots
test-time = Printed
test-type = Type
test-sample = 政务公开 Open government 0123
test-rare = Rare characters
test-grey = Shades and lines
test-tick = A ticked box
test-code = Scan: it must read as below
