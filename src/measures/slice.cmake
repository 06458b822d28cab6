concord_folder(measures base json db http instruments contacts measurements patients)
