concord_folder(tasks base json db http patients messaging)
