concord_folder(reminders base json db http jobs instruments patients episodes pathways measurements checkins messaging visits)
