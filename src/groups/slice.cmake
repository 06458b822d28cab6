concord_folder(groups base json db http patients calendar messaging portal)
