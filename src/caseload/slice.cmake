concord_folder(caseload base json db http patients tasks episodes measurements contacts instruments calendar pathways billing)
