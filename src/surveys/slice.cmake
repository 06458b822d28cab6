concord_folder(surveys base json db http patients portal)
