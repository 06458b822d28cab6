concord_folder(measures base json db instruments contacts measurements)
