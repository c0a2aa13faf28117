# Pages that have no content to show
notice-not-yet = No content has reached this terminal yet
notice-not-yet-text = It was just set up, or its first release has not arrived. Content appears by itself when it does.
notice-unreadable = The content on this terminal cannot be read
notice-unreadable-text = The file that holds it is damaged; the terminal will fetch it again.
notice-gone = This page is not on this terminal
notice-gone-text = It may have been renamed or withdrawn. Search in other words, or look in the lists.
notice-ways = What you can do now
notice-staff = Ask the hall staff
notice-staff-text = Just show them this page
notice-window = Ask at a service window
notice-window-text = The windows work as usual
notice-home = Back to home
notice-home-text = Guides, documents, lists and data
notice-areas = By subject
notice-areas-text = Look subject by subject

suggestions-crumb = Suggestions
suggestions-title = Tell us what is missing or wrong
suggestions-text = What you say makes this content fuller and more exact.
suggestions-banner = This machine cannot take suggestions yet and passes nothing on. These ways work today.
suggestions-say = Say it in person
suggestions-say-text = At a window or the desk: the page's name and what is wrong
suggestions-take = Take the page along
suggestions-take-text = Press Print or To my phone on that page and hand it over at a window
suggestions-request = The information is not public
suggestions-request-text = See what a request for disclosure asks for
