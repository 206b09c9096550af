Console.WriteLine("venue");
