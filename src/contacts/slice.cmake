concord_folder(contacts base json db http patients)
