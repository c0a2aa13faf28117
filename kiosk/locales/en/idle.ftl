# The countdown when nobody touches the screen, and the question before a visit ends
idle-question = Still there?
idle-text = Without a touch this visit ends, and what you ticked or typed is erased.
idle-seconds = seconds
idle-seconds-left = { $count } seconds left
idle-stay = I am still here
idle-end = Finish and erase
idle-any-touch = Touching anywhere, or any key, continues
end-question = Finish your visit?
end-text = What you ticked, typed and listed is erased. Nothing stays on this machine.
end-confirm = Finish and erase
end-cancel = Not yet
