concord_folder(measurements base json db http patients instruments portal)
