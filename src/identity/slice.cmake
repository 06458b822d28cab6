concord_folder(identity base json db http)
