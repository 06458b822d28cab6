concord_folder(instruments base json db http)
