concord_folder(exchange base json db http fhir instruments audit identity patients plans referrals billing episodes measurements measures contacts treatments reviews safety)
