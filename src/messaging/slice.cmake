concord_folder(messaging base json db http jobs patients)
