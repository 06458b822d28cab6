concord_folder(visits base json db http patients calendar messaging portal)
