concord_folder(conversations base json db http patients messaging calendar portal)
