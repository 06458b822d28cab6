-- A batch that was handed over; $1 organization, then the columns in order
INSERT INTO charge_export (organization_id, export_id, site_id, month_start, reference, at, by_user, charges, credits, csv, dft)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
