concord_folder(caseload base json db http patients episodes measurements contacts instruments)
