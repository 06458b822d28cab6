concord_folder(safety base json db http jobs patients measurements calendar messaging portal)
