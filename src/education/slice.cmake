concord_folder(education base json db http patients messaging portal)
