concord_folder(plans base json db http patients portal)
