concord_folder(calendar base json db http patients)
