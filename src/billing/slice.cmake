concord_folder(billing base json db http patients episodes contacts calendar)
