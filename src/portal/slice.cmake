concord_folder(portal base json db http identity patients messaging)
