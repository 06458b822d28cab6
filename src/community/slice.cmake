concord_folder(community base json db http patients messaging portal)
