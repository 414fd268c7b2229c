"""What managers and marketing read: SLA compliance and the reasons of rejections."""
