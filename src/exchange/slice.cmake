concord_folder(exchange base json db http fhir instruments audit identity patients referrals episodes measurements contacts treatments reviews safety)
