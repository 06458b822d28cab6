concord_folder(reports base json db http measures caseload patients portal)
