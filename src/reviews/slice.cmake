concord_folder(reviews base json db http patients)
