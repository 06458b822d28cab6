concord_folder(feedback base json db http patients messaging portal)
