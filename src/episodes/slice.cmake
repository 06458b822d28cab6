concord_folder(episodes base json db http patients portal)
