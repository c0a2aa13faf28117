# Home
home-question = What do you want to find?
home-hint = Services, policies, disclosure lists and data.
home-hint-low = Everything to press is in the lower half. The upper half is only for reading.
home-placeholder = Type a topic in English or pinyin
home-placeholder-short = Topic or pinyin
home-try = Try
home-guides = Service guides
home-guides-line = What to bring, how long
home-documents = Laws and policies
home-documents-line = Laws, rules and notices
home-areas = By subject
home-entries = Disclosure list
home-interpretations = Explainers
home-datasets = Open data
home-request = Request info
home-request-line = Fill in here
home-suggestions = Suggestions
home-suggestions-line = and corrections
home-my-list = My list
home-my-list-empty = Empty
home-free-print = Free printing
home-to-phone = Take it on your phone
home-no-trace = No login, no trace
home-count-areas-label = subjects
home-language-note = Documents are published in Chinese. Menus and help are in English.
count-guides = { $count } guides
count-documents = { $count } documents
count-entries = { $count } entries
count-interpretations = { $count } articles
count-datasets = { $count } datasets
count-areas = All { $count } subjects
count-listed = { $count ->
    [one] { $count } page
   *[other] { $count } pages
}
unit-guides = { "" }
unit-documents = { "" }
unit-entries = { "" }
unit-interpretations = { "" }
unit-datasets = { "" }
unit-areas = { "" }
example-social-card = Social security card
example-residence = Residence permit
example-identity = ID card
example-legal-aid = Legal aid
example-fund = Housing fund
