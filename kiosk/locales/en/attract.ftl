# The screen when nobody is there
attract-start = Touch the screen to start
attract-touch = Touch the screen to start
attract-touch-other = 点一下屏幕，开始查
attract-guides-line = What to bring, how long, where to go
attract-request-line = Not published? Ask for it
attract-promise-1 = Visible, clear, at hand
attract-promise-2 = Accountable, open to you
attract-no-login = No login
attract-offline = Works offline
attract-summary = { $guides } guides, { $documents } documents, { $entries } list entries, data as of { $date }
attract-no-content = No content has reached this terminal yet
attract-to-phone = On your phone
attract-free-print = Free print
