concord_folder(audit base json db http)
