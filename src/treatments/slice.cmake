concord_folder(treatments base json db http patients portal)
