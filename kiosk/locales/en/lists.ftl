# Subjects, lists, my list
areas-title = { $count } subjects
areas-pilot = Suzhou pilot subjects
areas-pilot-remark = { $count }, in pilot order
areas-others = Other subjects
areas-others-remark = { $count }
areas-now-called = Now { $name }
areas-publisher = General Office of Suzhou Municipal Government
areas-source = Sufuban [2017] No. 288

list-next = { $count } to { $total }
list-empty = Nothing of this kind is on this machine. That does not mean it cannot be done.
list-all = All
list-by-event = By life event
list-by-audience = By group
list-by-area = By subject
list-remark = { $count } in all
list-verified-elsewhere = stated on each page

kind-guides = Service guides
kind-documents = Laws and policies
kind-entries = Disclosure list
kind-interpretations = Explainers
kind-datasets = Open data
kind-service-items = Services
kind-plans = Task lists
kind-forms = Forms
kind-areas = Subjects

document-type-law = Laws
document-type-regulation = Regulations
document-type-rule = Rules
document-type-state-council = State Council
document-type-normative = Normative
document-version = Text of { $date }

my-list-title = My list
my-list-hint = The list is erased when your visit ends
my-list-nothing = Your list is empty. On a page you want to keep, press “Add to list”; print or take all along at the end.
my-list-print = Print all
my-list-clear = Clear
