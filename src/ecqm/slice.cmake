concord_folder(ecqm base json db fhir contacts)
