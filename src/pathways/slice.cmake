concord_folder(pathways base json db http instruments patients episodes)
