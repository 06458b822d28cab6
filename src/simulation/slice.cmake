concord_folder(simulation base json db patients referrals episodes measurements contacts treatments reviews safety)
