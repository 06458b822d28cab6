concord_folder(checkins base json db http patients instruments measurements calendar safety messaging)
