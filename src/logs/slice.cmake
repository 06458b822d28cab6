concord_folder(logs base json db http patients portal)
