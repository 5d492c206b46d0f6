print("ccterm")
