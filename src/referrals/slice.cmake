concord_folder(referrals base json db http patients episodes)
