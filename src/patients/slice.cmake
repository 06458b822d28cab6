concord_folder(patients base json db http)
