concord_folder(reviews base json db http messaging patients)
