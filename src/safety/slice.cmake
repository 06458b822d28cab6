concord_folder(safety base json db http patients measurements)
